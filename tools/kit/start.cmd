@echo off
setlocal
set "CODE=2"
set "PYTHON="
rem The page of codes is that of the window; it is put back at the end.
for /f "tokens=2 delims=:." %%c in ('chcp') do set "PAGE=%%c"
chcp 65001 >nul
set "PYTHONUTF8=1"
rem A share gets a letter of its own for as long as this runs.
pushd "%~dp0"
if not exist "tools\start.py" goto not_extracted
set "CHECK=@CHECK@"
call :try "python\python.exe"
call :try py -@MAJOR@.@MINOR@
call :try python
call :try python3
call :try "%LOCALAPPDATA%\Programs\Python\Python@MAJOR@@MINOR@\python.exe"
call :try "%ProgramFiles%\Python@MAJOR@@MINOR@\python.exe"
if not defined PYTHON goto no_python
rem "call", since a manager of several Pythons may have put a .bat in their place.
call %PYTHON% "tools\start.py" @WORD@ %*
set "CODE=%ERRORLEVEL%"
goto end

:try
if defined PYTHON exit /b 0
call %* -c "%CHECK%" >nul 2>nul
rem Not "if errorlevel 1": what crashes ends with a number below 0.
if "%ERRORLEVEL%"=="0" set PYTHON=%*
exit /b 0

:no_python
type "no-python.txt"
goto end

:not_extracted
echo The kit is not here: "%~dp0"
echo Extract the whole .zip first, then start this again from the folder.
echo ZIP wo "subete tenkai" shite kara, sono folder de jikkou shite kudasai.
goto end

:end
popd
if not "%CODE%"=="0" pause
chcp %PAGE% >nul
endlocal & exit /b %CODE%
